IF NEW.state NOT IN :holds_seat THEN RETURN NEW; END IF;
IF TG_OP = 'UPDATE' AND OLD.state IN :holds_seat
   AND OLD.seminar_id = NEW.seminar_id
   AND OLD.pool_id IS NOT DISTINCT FROM NEW.pool_id THEN RETURN NEW; END IF;
IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'seats are counted in READ COMMITTED or SERIALIZABLE';
END IF;
SELECT capacity INTO hall FROM seminars_seminar
 WHERE id = NEW.seminar_id FOR NO KEY UPDATE;
SELECT coalesce(sum(seats), 0), sum(seats) FILTER (WHERE id = NEW.pool_id)
  INTO reserved, in_pool
  FROM seminars_seatpool WHERE seminar_id = NEW.seminar_id AND released_at IS NULL;
SELECT count(*), count(*) FILTER (WHERE own.id IS NULL),
       count(*) FILTER (WHERE held.pool_id = NEW.pool_id)
  INTO taken, outside, used
  FROM seminars_registration AS held
  LEFT JOIN seminars_seatpool AS own ON own.id = held.pool_id AND own.released_at IS NULL
 WHERE held.seminar_id = NEW.seminar_id
   AND held.state IN :holds_seat AND held.id <> NEW.id;
IF NEW.pool_id IS NOT NULL AND coalesce(in_pool, 0) <= used THEN
    RAISE EXCEPTION 'pool % has no seat left of %', NEW.pool_id, in_pool
        USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_pool_is_never_overbooked';
END IF;
IF taken >= hall OR (NEW.pool_id IS NULL AND outside + reserved >= hall) THEN
    RAISE EXCEPTION 'seminar % has no seat left of %', NEW.seminar_id, hall
        USING ERRCODE = 'check_violation', CONSTRAINT = 'seminar_is_never_overbooked';
END IF;
RETURN NEW;
