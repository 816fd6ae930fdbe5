IF NOT EXISTS (
    SELECT 1 FROM missions_missionversion version
    JOIN missions_mission mission ON mission.id = version.mission_id
    WHERE version.id = NEW.version_id AND mission.unit_id = NEW.unit_id
        AND version.state = 'published'
) THEN
    RAISE EXCEPTION 'a unit is asked about its own published mission'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
