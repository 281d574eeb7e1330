"""Many patients of many clinics, without their names: the extract, and what may be asked of it. See docs/registry.md."""
