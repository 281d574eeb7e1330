-- What keeps a frozen table as it is, on PostgreSQL. `audit/frozen.py` fills in the places in double braces.
-- {{when}} is true for the rows that are frozen; it stands in the function, because the WHEN of a trigger may not hold a query.
-- ENABLE ALWAYS, or session_replication_role = replica would pass by.

-- update
CREATE FUNCTION "{{table}}_frozen_update"() RETURNS trigger LANGUAGE plpgsql AS $frozen$
BEGIN
  IF {{when}} THEN
    RAISE EXCEPTION '{{table}} is frozen: rows are not changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $frozen$;
CREATE TRIGGER "{{table}}_frozen_update" BEFORE UPDATE{{of}} ON "{{table}}"
  FOR EACH ROW EXECUTE FUNCTION "{{table}}_frozen_update"();
ALTER TABLE "{{table}}" ENABLE ALWAYS TRIGGER "{{table}}_frozen_update";

-- delete
CREATE FUNCTION "{{table}}_frozen_delete"() RETURNS trigger LANGUAGE plpgsql AS $frozen$
BEGIN
  IF {{when}} THEN
    RAISE EXCEPTION '{{table}} is frozen: rows are not deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $frozen$;
CREATE TRIGGER "{{table}}_frozen_delete" BEFORE DELETE ON "{{table}}"
  FOR EACH ROW EXECUTE FUNCTION "{{table}}_frozen_delete"();
ALTER TABLE "{{table}}" ENABLE ALWAYS TRIGGER "{{table}}_frozen_delete";

-- insert
CREATE FUNCTION "{{table}}_frozen_insert"() RETURNS trigger LANGUAGE plpgsql AS $frozen$
BEGIN
  IF {{when}} THEN
    RAISE EXCEPTION '{{table}} is frozen: nothing is added' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $frozen$;
CREATE TRIGGER "{{table}}_frozen_insert" BEFORE INSERT ON "{{table}}"
  FOR EACH ROW EXECUTE FUNCTION "{{table}}_frozen_insert"();
ALTER TABLE "{{table}}" ENABLE ALWAYS TRIGGER "{{table}}_frozen_insert";

-- truncate
CREATE FUNCTION "{{table}}_frozen_truncate"() RETURNS trigger LANGUAGE plpgsql AS $frozen$
BEGIN
  RAISE EXCEPTION '{{table}} is frozen: it is not emptied' USING ERRCODE = 'integrity_constraint_violation';
END $frozen$;
CREATE TRIGGER "{{table}}_frozen_truncate" BEFORE TRUNCATE ON "{{table}}"
  FOR EACH STATEMENT EXECUTE FUNCTION "{{table}}_frozen_truncate"();
ALTER TABLE "{{table}}" ENABLE ALWAYS TRIGGER "{{table}}_frozen_truncate";
