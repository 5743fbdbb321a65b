/** The known word a person probably meant, or null when none is near: one slip in short words, three in long. */
export function nearest(word: string, known: Iterable<string>): string | null {
  const wanted = word.toLowerCase().slice(0, 100)
  let best: string | null = null
  let least = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const distance = slips(wanted, candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** ` Did you mean "before"?`, ready to follow a sentence, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = nearest(word, known)
  return meant === null ? '' : ` Did you mean "${meant}"?`
}

/** Letters added, left out, mistaken or swapped with their neighbour. */
function slips(a: string, b: string): number {
  let twoAbove: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, twoAbove[j - 2]! + 1)
      }
      row.push(least)
    }
    twoAbove = above
    above = row
  }
  return above[b.length]!
}
