SELECT count(*) FROM seminars_sessionchoice AS choice
  JOIN seminars_registration AS held ON held.id = choice.registration_id
 WHERE held.state IN :holds_seat
