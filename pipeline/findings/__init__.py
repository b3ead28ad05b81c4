"""From records to tables, totals, an estimate and a report; every number keeps the records and words it rests on."""
