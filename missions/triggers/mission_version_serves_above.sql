IF NEW.serves_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM missions_coreactivity
    WHERE id = NEW.serves_id AND version_id = NEW.above_id
) THEN
    RAISE EXCEPTION 'a mission serves a core activity of the version it was written under'
        USING ERRCODE = 'check_violation';
END IF;
IF jsonb_array_length(NEW.signals) > 0 AND EXISTS (
    SELECT 1 FROM missions_mission mission JOIN people_unit unit ON unit.id = mission.unit_id
    WHERE mission.id = NEW.mission_id AND unit.parent_id IS NOT NULL
) THEN
    RAISE EXCEPTION 'political signals come in at the top'
        USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT 1 FROM jsonb_array_elements(NEW.signals) signal
    WHERE coalesce(signal->>'title', '') = '' OR coalesce(signal->>'source', '') = ''
) THEN
    RAISE EXCEPTION 'a political signal has a title and a source'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
