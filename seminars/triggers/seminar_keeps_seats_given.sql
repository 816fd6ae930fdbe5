:spoken_for
IF spoken_for > NEW.capacity THEN
    RAISE EXCEPTION 'seminar % has % seats spoken for, more than %',
        NEW.id, spoken_for, NEW.capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = 'seminar_is_never_overbooked';
END IF;
RETURN NULL;
