IF EXISTS (SELECT 1 FROM seminars_seminar WHERE id = OLD.seminar_id AND state <> 'draft') THEN
    RAISE EXCEPTION 'seminar role % is ended before it is erased', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'seminar_role_is_ended_before_it_goes';
END IF;
RETURN OLD;
