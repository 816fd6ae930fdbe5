IF NEW.kind = 'lapsed' AND (NEW.actor_id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM commitments_revision revision
    WHERE revision.id = NEW.subject AND revision.state = 'lapsed'
)) THEN
    RAISE EXCEPTION 'what lapses does so by nobody' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
