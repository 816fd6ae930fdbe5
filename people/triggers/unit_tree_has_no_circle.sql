IF EXISTS (
    WITH RECURSIVE above(id) AS (
        SELECT parent_id FROM people_unit WHERE id = NEW.id
      UNION
        SELECT unit.parent_id FROM people_unit unit JOIN above ON unit.id = above.id
    ) SELECT FROM above WHERE id = NEW.id
) THEN
    RAISE EXCEPTION 'Unit % would stand above itself', NEW.hr_id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_tree_has_no_circle';
END IF;
RETURN NULL;
