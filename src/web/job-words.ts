/** How long a job will still take and how many stand before it, as a person says it; nothing while nobody knows. */
export function lineWords(job: {
  readonly position: number | null
  readonly secondsLeft: number | null
}): string | null {
  const left = job.secondsLeft === null ? null : aboutLeft(job.secondsLeft)
  const place = job.position !== null && job.position > 1 ? `${ordinal(job.position)} in line` : null
  const words = [left, place].filter((one) => one !== null).join(', ')
  return words === '' ? null : words
}

function aboutLeft(seconds: number): string {
  if (seconds < 100) return `about ${Math.max(1, seconds)} s left`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`
}

function ordinal(place: number): string {
  const isTeen = Math.floor(place / 10) % 10 === 1
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th')
  return `${place}${ending}`
}

/** What stands behind the count of a job: how many were left out, and how long the rest will take. */
export const jobDetail = (
  job: { readonly refused: number; readonly position: number | null; readonly secondsLeft: number | null },
  left: string,
): { readonly detail?: string } => {
  const parts = [job.refused > 0 ? `${job.refused.toLocaleString()} ${left}` : null, lineWords(job)]
  const detail = parts.filter((one) => one !== null).join(', ')
  return detail === '' ? {} : { detail }
}
