import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Eye } from 'lucide-react'
import { listApprovals } from '../../../../contract/work.ts'
import { Button } from '../../../../ui/Button.tsx'
import { LINK } from '../../../../ui/Type.tsx'
import { Answer } from '../../../Answer.tsx'
import { asks } from '../../../api.ts'
import { useHeldBack } from '../../../held-back.ts'
import { useHere, whom } from '../../../session.ts'
import { cityOf, tellSoon } from '../../../times.ts'
import { kindOf } from '../../messages/words.ts'
import { Couple, Line, More, SHOWN, type Whose } from './Line.tsx'

export function Approvals({ total, whose }: { readonly total: number; readonly whose: Whose }) {
  const { vendor } = useHere()
  const gone = useHeldBack()
  const open = useQuery({
    ...asks(listApprovals, { params: { vendor }, query: { limit: SHOWN, whose } }),
    placeholderData: keepPreviousData,
  })
  const search = whose === 'all' ? { whose } : {}
  return (
    <Answer of={open} lines={2}>
      {({ data }) => (
        <ul className="border-t border-border first:border-t-0">
          {data.items
            .filter((one) => !gone.has(`${one.run} ${one.name}`))
            .map((one) => (
              <Line
                key={`${one.run} ${one.name}`}
                icon={Eye}
                tone={one.yours ? 'primary' : 'quiet'}
                title={
                  <>
                    <Couple of={one} />: {one.message?.name ?? one.ask}
                  </>
                }
                sub={
                  <>
                    {one.message ? kindOf(one.message.module).word : one.ask}
                    {!one.yours && whom(one.role) && `, for ${whom(one.role)}`}
                    {one.until && `, by ${tellSoon(one.until, one.zone)} ${cityOf(one.zone)}`}
                  </>
                }
              >
                <Button asChild size="sm">
                  <Link to="/approvals" search={{ run: one.run, name: one.name, ...search }}>
                    {one.yours ? 'Review' : 'Read'}
                  </Link>
                </Button>
              </Line>
            ))}
          <More shown={data.items.length} total={total}>
            <Link to="/approvals" search={search} className={LINK}>
              All {total.toLocaleString()} approvals
            </Link>
          </More>
        </ul>
      )}
    </Answer>
  )
}
