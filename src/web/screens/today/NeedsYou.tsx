import { useState } from 'react'
import { LINK, Section } from '../../../ui/Type.tsx'
import { capital, inWords } from '../../times.ts'
import { Approvals } from './needs/Approvals.tsx'
import { Held } from './needs/Held.tsx'
import { Notices } from './needs/Notices.tsx'
import { Tasks } from './needs/Tasks.tsx'
import { Undelivered } from './needs/Undelivered.tsx'
import type { TodayFigures } from './words.ts'

/** Whatever waits for a person, the most urgent kinds first, each with what can be done about it here. */
export function NeedsYou({ figures }: { readonly figures: TodayFigures }) {
  // The sentence above counts what waits for an answer; what only wants a look is counted beside it.
  const waiting = figures.forYou.approvals + figures.forYou.tasks
  const ofOthers = figures.approvals + figures.tasks - waiting
  const [withOthers, showOthers] = useState(false)
  const whose = withOthers ? 'all' : 'yours'
  const { approvals, tasks } = withOthers ? figures : figures.forYou
  const toLookAt = figures.deadLetters + figures.notices + figures.held
  const count = waiting + toLookAt
  return (
    <div id="needs-you">
      <Section title="Needs you" meta={tellCounts(waiting, toLookAt)}>
        {count === 0 && !withOthers ? (
          <p className="py-3 text-muted-foreground">
            Nothing. Approvals, tasks, replies and whatever could not be sent stand here when they need you.
          </p>
        ) : (
          <>
            {figures.deadLetters > 0 && <Undelivered total={figures.deadLetters} />}
            {figures.held > 0 && <Held total={figures.held} />}
            {approvals > 0 && <Approvals total={approvals} whose={whose} />}
            {tasks > 0 && <Tasks total={tasks} whose={whose} />}
            {figures.notices > 0 && <Notices total={figures.notices} zone={figures.zone} />}
          </>
        )}
        {ofOthers > 0 && (
          <p className="border-t border-border py-2">
            <button
              type="button"
              className={LINK}
              aria-expanded={withOthers}
              onClick={() => showOthers(!withOthers)}
            >
              {withOthers
                ? 'Only what is for you'
                : `${capital(inWords(ofOthers))} ${ofOthers === 1 ? 'waits' : 'wait'} for others`}
            </button>
          </p>
        )}
      </Section>
    </div>
  )
}

const tellCounts = (waiting: number, toLookAt: number): string | null => {
  const told = [
    ...(waiting > 0 ? [`${waiting.toLocaleString()} waiting`] : []),
    ...(toLookAt > 0 ? [`${toLookAt.toLocaleString()} to look at`] : []),
  ]
  return told.length > 0 ? told.join(', ') : null
}
