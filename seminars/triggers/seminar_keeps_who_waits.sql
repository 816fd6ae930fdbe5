IF NEW.waiting_list_mode <> 'off' AND NEW.waiting_list_limit IS NULL THEN RETURN NULL; END IF;
SELECT count(*) INTO waiting FROM seminars_registration
 WHERE seminar_id = NEW.id AND state IN :in_queue;
IF waiting > (CASE WHEN NEW.waiting_list_mode = 'off' THEN 0 ELSE NEW.waiting_list_limit END) THEN
    RAISE EXCEPTION '% wait for seminar %, more than its list allows', waiting, NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'waiting_list_is_never_too_long';
END IF;
RETURN NULL;
