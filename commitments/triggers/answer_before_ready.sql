-- FOR SHARE waits for one who is saying «klar», so that nothing slips in beside it.
PERFORM 1 FROM commitments_preparation WHERE id IN (:rows) ORDER BY id FOR SHARE;
IF EXISTS (
    SELECT 1 FROM commitments_preparation preparation
    WHERE preparation.id IN (:rows) AND preparation.ready_at IS NOT NULL :unless
) THEN
    RAISE EXCEPTION 'answers change until one has said that one is ready'
        USING ERRCODE = 'check_violation';
END IF;
RETURN :answer;
