SELECT (SELECT coalesce(sum(seats), 0) FROM seminars_seatpool
         WHERE seminar_id = :seminar AND released_at IS NULL)
     + (SELECT count(*) FROM seminars_registration AS held
          LEFT JOIN seminars_seatpool AS own
            ON own.id = held.pool_id AND own.released_at IS NULL
         WHERE held.seminar_id = :seminar
           AND held.state IN :holds_seat AND own.id IS NULL)
  INTO spoken_for;
