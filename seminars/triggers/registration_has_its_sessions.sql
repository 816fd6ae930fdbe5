IF EXISTS (
    SELECT 1 FROM seminars_sessionchoice AS own
      JOIN seminars_session AS session ON session.id = own.session_id
     WHERE own.registration_id = NEW.id
       AND session.capacity < (
           SELECT count(*) FROM seminars_sessionchoice AS choice
             JOIN seminars_registration AS held ON held.id = choice.registration_id
            WHERE choice.session_id = session.id
              AND held.state IN :holds_seat))
THEN
    RAISE EXCEPTION 'a session that registration % has chosen is full', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'session_is_never_overbooked';
END IF;
RETURN NULL;
