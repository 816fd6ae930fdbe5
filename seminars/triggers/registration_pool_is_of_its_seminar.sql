IF NOT EXISTS (
    SELECT 1 FROM seminars_seatpool WHERE id = NEW.pool_id AND seminar_id = NEW.seminar_id)
THEN
    RAISE EXCEPTION 'pool % is of another seminar', NEW.pool_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_pool_is_of_its_seminar';
END IF;
RETURN NEW;
