IF NOT EXISTS (
    SELECT 1 FROM seminars_question AS asked
      JOIN seminars_registration AS own ON own.seminar_id = asked.seminar_id
     WHERE asked.id = NEW.question_id AND own.id = NEW.registration_id)
THEN
    RAISE EXCEPTION 'registration % is not asked question %',
        NEW.registration_id, NEW.question_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_is_to_its_own_seminar';
END IF;
RETURN NEW;
