-- FOR SHARE waits for a proposal or a signature under way, so that nothing slips in beside it.
PERFORM 1 FROM commitments_revision WHERE id IN (:rows) ORDER BY id FOR SHARE;
IF EXISTS (
    SELECT 1 FROM commitments_revision WHERE id IN (:rows) AND state <> 'draft'
) THEN
    RAISE EXCEPTION 'only the commitments of a draft change'
        USING ERRCODE = 'check_violation';
END IF;
:extra
RETURN :answer;
