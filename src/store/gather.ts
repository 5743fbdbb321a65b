/**
 * Many small questions of one moment asked as one. What is asked while an answer is on its way travels together with
 * the next; whoever asks alone waits for nobody.
 */
export function gather<Question, Answer>(
  batchMax: number,
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  type Waiting = { question: Question; resolve: (answer: Answer) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let busy = false

  const run = async (): Promise<void> => {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax)
      waiting = waiting.slice(batchMax)
      try {
        const answers = await ask(batch.map((one) => one.question))
        for (const [index, one] of batch.entries()) one.resolve(answers[index] as Answer)
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    busy = false
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      // In a later microtask, so that what is asked together travels together.
      if (!busy && waiting.length === 1) void Promise.resolve().then(() => (busy ? undefined : run()))
    })
}
