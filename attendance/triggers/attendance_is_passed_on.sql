UPDATE seminars_registration AS registration SET outcome = :outcome
  FROM :changed AS attendance WHERE registration.id = attendance.registration_id;
RETURN NULL;
