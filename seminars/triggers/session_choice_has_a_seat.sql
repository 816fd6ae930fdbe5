IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'seats are counted in READ COMMITTED or SERIALIZABLE';
END IF;
SELECT seminar_id INTO of_seminar FROM seminars_registration WHERE id = NEW.registration_id;
PERFORM 1 FROM seminars_seminar WHERE id = of_seminar FOR NO KEY UPDATE;
SELECT capacity INTO room FROM seminars_session
 WHERE id = NEW.session_id AND choice_group_id = NEW.group_id AND seminar_id = of_seminar;
IF NOT FOUND THEN
    RAISE EXCEPTION 'session % is not one of group %', NEW.session_id, NEW.group_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'session_choice_is_of_its_group';
END IF;
PERFORM 1 FROM seminars_registration
  WHERE id = NEW.registration_id AND state IN :holds_seat;
IF FOUND AND room <= (:held AND choice.session_id = NEW.session_id
                      AND choice.id <> NEW.id) THEN
    RAISE EXCEPTION 'session % has no seat left of %', NEW.session_id, room
        USING ERRCODE = 'check_violation', CONSTRAINT = 'session_is_never_overbooked';
END IF;
RETURN NEW;
