IF NEW.state = 'published' AND (
    SELECT count(*) FROM missions_coreactivity WHERE version_id = NEW.id
) NOT BETWEEN 3 AND 6 THEN
    RAISE EXCEPTION 'a mission is published with 3 to 6 core activities'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.state = 'published' AND NEW.change = 'minor' AND NEW.reading IS DISTINCT FROM (
    SELECT reading FROM missions_missionversion
    WHERE mission_id = NEW.mission_id AND state = 'published' AND number < NEW.number
    ORDER BY number DESC LIMIT 1
) THEN
    RAISE EXCEPTION 'a minor change is read with the version before it'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
