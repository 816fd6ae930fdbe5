IF NOT EXISTS (
    SELECT 1 FROM missions_missionversion WHERE id = NEW.version_id AND state = 'published'
) THEN
    RAISE EXCEPTION 'only a published mission can be acknowledged'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
