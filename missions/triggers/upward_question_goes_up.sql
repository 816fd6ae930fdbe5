IF NOT EXISTS (
    SELECT 1 FROM missions_missionversion
    WHERE id = NEW.version_id AND above_id = NEW.above_id
) THEN
    RAISE EXCEPTION 'a question goes to the mission that its version was written under'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
