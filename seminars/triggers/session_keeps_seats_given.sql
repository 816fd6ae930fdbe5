IF TG_OP = 'INSERT' AND NEW.choice_group_id IS NULL THEN RETURN NULL; END IF;
PERFORM 1 FROM seminars_seminar WHERE id = NEW.seminar_id FOR NO KEY UPDATE;
PERFORM 1 FROM seminars_choicegroup
  WHERE id = NEW.choice_group_id AND seminar_id <> NEW.seminar_id;
IF FOUND THEN
    RAISE EXCEPTION 'session % is parallel to those of another seminar', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'session_is_of_its_group';
END IF;
IF TG_OP = 'INSERT' THEN RETURN NULL; END IF;
PERFORM 1 FROM seminars_sessionchoice
  WHERE session_id = NEW.id AND group_id IS DISTINCT FROM NEW.choice_group_id;
IF FOUND THEN
    RAISE EXCEPTION 'session % is chosen in another group', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'session_choice_is_of_its_group';
END IF;
IF NEW.capacity < (:held AND choice.session_id = NEW.id) THEN
    RAISE EXCEPTION 'session % has more than % seats taken', NEW.id, NEW.capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = 'session_is_never_overbooked';
END IF;
RETURN NULL;
