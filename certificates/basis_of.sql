SELECT registration_id, minutes, basis FROM (:basis) AS found WHERE registration_id = ANY(%s)
