IF NEW.released_at IS NOT NULL THEN RETURN NULL; END IF;
IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'seats are counted in READ COMMITTED or SERIALIZABLE';
END IF;
SELECT capacity INTO hall FROM seminars_seminar
 WHERE id = NEW.seminar_id FOR NO KEY UPDATE;
SELECT count(*) INTO taken FROM seminars_registration
 WHERE pool_id = NEW.id AND state IN :holds_seat;
IF taken > NEW.seats THEN
    RAISE EXCEPTION 'pool % has % seats taken, more than %', NEW.id, taken, NEW.seats
        USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_pool_is_never_overbooked';
END IF;
:spoken_for
IF spoken_for > hall THEN
    RAISE EXCEPTION 'seminar % has % seats spoken for, more than %',
        NEW.seminar_id, spoken_for, hall
        USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_pools_fit_the_hall';
END IF;
RETURN NULL;
