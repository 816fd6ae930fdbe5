IF TG_OP = 'UPDATE' AND OLD.state IN :in_queue AND OLD.seminar_id = NEW.seminar_id THEN
    RETURN NEW;
END IF;
SELECT CASE WHEN waiting_list_mode = 'off' THEN 0 ELSE waiting_list_limit END INTO most
  FROM seminars_seminar WHERE id = NEW.seminar_id FOR NO KEY UPDATE;
IF most IS NULL THEN RETURN NEW; END IF;
IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'who waits is counted in READ COMMITTED or SERIALIZABLE';
END IF;
IF most <= (SELECT count(*) FROM seminars_registration
             WHERE seminar_id = NEW.seminar_id AND state IN :in_queue AND id <> NEW.id) THEN
    RAISE EXCEPTION 'the waiting list of seminar % has no place left of %', NEW.seminar_id, most
        USING ERRCODE = 'check_violation', CONSTRAINT = 'waiting_list_is_never_too_long';
END IF;
RETURN NEW;
