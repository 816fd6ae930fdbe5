IF OLD.ready_at IS NOT NULL AND :revealed
    AND NOT :erased
THEN
    RAISE EXCEPTION 'what both have read goes when the agreement is erased, and not before'
        USING ERRCODE = 'check_violation';
END IF;
RETURN OLD;
