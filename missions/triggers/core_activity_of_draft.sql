-- FOR SHARE waits for a publication under way, so that nothing slips in beside it.
PERFORM 1 FROM missions_missionversion
WHERE id IN (:rows) ORDER BY id FOR SHARE;
IF EXISTS (
    SELECT 1 FROM missions_missionversion WHERE id IN (:rows) AND state = 'published'
) THEN
    RAISE EXCEPTION 'the core activities of a published mission never change'
        USING ERRCODE = 'check_violation';
END IF;
RETURN :answer;
