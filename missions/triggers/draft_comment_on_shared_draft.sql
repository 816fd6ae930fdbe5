IF NOT EXISTS (
    SELECT 1 FROM missions_missionversion
    WHERE id = NEW.version_id AND state = 'draft' AND shared_at IS NOT NULL FOR SHARE
) THEN
    RAISE EXCEPTION 'only a shared draft is commented on'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
