SELECT certificate.seminar_id, certificate.id
  FROM certificates_certificate AS certificate
  JOIN (:basis) AS today ON today.registration_id = certificate.registration_id
 WHERE certificate.replaced_at IS NULL
   AND certificate.withdrawn_at IS NULL
   AND certificate.basis <> today.basis
 ORDER BY 1, 2
