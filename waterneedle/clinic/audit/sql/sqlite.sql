-- What keeps a frozen table as it is, on SQLite. `audit/frozen.py` fills in the places in double braces.
-- {{when}} is true for the rows that are frozen. INSERT OR REPLACE deletes the old row and meets the DELETE trigger only
-- with PRAGMA recursive_triggers = ON, which is asserted at start.

-- update
CREATE TRIGGER "{{table}}_frozen_update" BEFORE UPDATE{{of}} ON "{{table}}" WHEN {{when}}
BEGIN SELECT RAISE(ABORT, '{{table}} is frozen: rows are not changed'); END;

-- delete
CREATE TRIGGER "{{table}}_frozen_delete" BEFORE DELETE ON "{{table}}" WHEN {{when}}
BEGIN SELECT RAISE(ABORT, '{{table}} is frozen: rows are not deleted'); END;

-- insert
CREATE TRIGGER "{{table}}_frozen_insert" BEFORE INSERT ON "{{table}}" WHEN {{when}}
BEGIN SELECT RAISE(ABORT, '{{table}} is frozen: nothing is added'); END;
