/* Whether a question is shown by these answers: the same verdict as the server's (core/journey/evaluate). */
const compare = {
  equal: (had, want) => had === want,
  not_equal: (had, want) => had !== want,
  less: (had, want) => typeof had === 'number' && had < want,
  at_most: (had, want) => typeof had === 'number' && had <= want,
  more: (had, want) => typeof had === 'number' && had > want,
  at_least: (had, want) => typeof had === 'number' && had >= want,
  one_of: (had, want) => [had].flat().some((one) => want.includes(one)),
  none_of: (had, want) => ![had].flat().some((one) => want.includes(one)),
  contains: (had, want) => holds(had, want) === true,
  lacks: (had, want) => holds(had, want) === false,
  starts_with: (had, want) => typeof had === 'string' && had.toLowerCase().startsWith(want.toLowerCase()),
}
function holds(had, want) {
  if (Array.isArray(had)) return had.includes(want)
  return typeof had === 'string' ? had.toLowerCase().includes(want.toLowerCase()) : null
}

export function judge(condition, answers) {
  if (condition.all) return condition.all.every((one) => judge(one, answers))
  if (condition.any) return condition.any.some((one) => judge(one, answers))
  if (condition.not) return !judge(condition.not, answers)
  const had = answers[condition.fact.split('.')[1]] ?? null
  if (condition.is === 'known') return had !== null
  if (condition.is === 'missing') return had === null
  return had !== null && compare[condition.is](had, condition.value)
}
