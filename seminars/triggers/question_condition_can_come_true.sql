IF TG_OP = 'INSERT' AND NEW.position = 0 THEN
    SELECT coalesce(max(position), 0) + 1 INTO NEW.position
      FROM seminars_question WHERE seminar_id = NEW.seminar_id;
END IF;
IF NEW.shown_if_id IS NOT NULL THEN
    PERFORM 1 FROM seminars_question AS asked
     WHERE asked.id = NEW.shown_if_id AND asked.seminar_id = NEW.seminar_id
       AND NEW.shown_if_option = ANY (asked.options) AND asked.position < NEW.position;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'question % can never be shown', NEW.id
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'question_condition_can_come_true';
    END IF;
END IF;
IF EXISTS (SELECT 1 FROM seminars_question
            WHERE shown_if_id = NEW.id AND position <= NEW.position) THEN
    RAISE EXCEPTION 'question % is the condition of one before it', NEW.id
        USING ERRCODE = 'check_violation',
              CONSTRAINT = 'question_condition_can_come_true';
END IF;
RETURN NEW;
