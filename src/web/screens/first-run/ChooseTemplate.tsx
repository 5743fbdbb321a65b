import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { listTemplates, previewTemplate, type TemplateDocument } from '../../../contract/templates.ts'
import { classNames } from '../../../ui/class-names.ts'
import { DateField } from '../../../ui/DateField.tsx'
import { Field } from '../../../ui/Field.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Lede, LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { today } from '../../times.ts'
import { AdoptTemplate } from '../templates/AdoptTemplate.tsx'
import { TemplateStrip } from '../templates/TemplateStrip.tsx'
import { TemplateTimeline } from '../templates/TemplateTimeline.tsx'
import { countWords } from '../templates/words.ts'

const room = getRouteApi('/house/begin/$step')
const SHOWN = 3
/** Whoever begins with inquiries sees the most of it; whoever has booked couples takes the second. */
type Preview = Seen<typeof previewTemplate>['data']

/** Three journeys of one's trade, on the day of one's next wedding. */
export function ChooseTemplate() {
  const { vendor } = useHere()
  const { on, template } = room.useSearch()
  const navigate = useNavigate({ from: '/begin/$step' })
  const templates = useQuery(asks(listTemplates, { params: { vendor } }))
  const preview = useQuery({
    ...asks(previewTemplate, { params: { vendor }, body: on ? { on } : {} }),
    placeholderData: keepPreviousData,
  })
  const shown = templates.data?.data.items.slice(0, SHOWN) ?? []
  const open = shown.find(({ key }) => key === template) ?? shown[0]
  return (
    <>
      <Lede>
        Choose what to automate first. <b>Each is shown on the day of your next wedding.</b>
      </Lede>
      <div className="mt-5 mb-5 max-w-[280px]">
        <Field
          label="Your next wedding"
          hint={
            on || !preview.data
              ? 'What each journey would do is counted from this day.'
              : `Until you say it: ${tellDay(preview.data.data.for.on)}, for example.`
          }
        >
          <DateField
            value={on ?? null}
            today={today()}
            min={today()}
            size="touch"
            wedding
            onChange={(day) =>
              void navigate({
                search: ({ on: _, ...rest }) => ({ ...rest, ...(day && { on: day }) }),
                replace: true,
                resetScroll: false,
              })
            }
          />
        </Field>
      </div>
      <Answer of={templates} lines={8}>
        {() => (
          <Answer of={preview} lines={8}>
            {({ data }) => (
              <ul className="grid gap-3" aria-busy={preview.isPlaceholderData}>
                {shown.map((one) => (
                  <Choice key={one.key} template={one} preview={data} on={one.key === open?.key} />
                ))}
              </ul>
            )}
          </Answer>
        )}
      </Answer>
      <p className="mt-4 text-small text-muted-foreground">
        There are more in{' '}
        <Link to="/templates" search={{ trade: 'all' }} className={LINK}>
          Templates
        </Link>
        . Everything in them can be changed afterwards, every word.
      </p>
    </>
  )
}

function Choice({
  template,
  preview,
  on,
}: {
  readonly template: TemplateDocument
  readonly preview: Preview
  readonly on: boolean
}) {
  const navigate = useNavigate({ from: '/begin/$step' })
  const steps = preview.items.find(({ key }) => key === template.key)?.steps ?? []
  const wedding = preview.for.on
  return (
    <li
      className={classNames(
        'relative rounded-md border bg-card px-4 pt-3 pb-2',
        on ? 'border-ring shadow-[inset_0_0_0_1px_var(--ring)]' : 'border-border hover:border-border-strong',
      )}
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-display text-h3 font-medium">
          <button
            type="button"
            aria-expanded={on}
            onClick={() =>
              void navigate({
                search: (now) => ({ ...now, template: template.key }),
                replace: true,
                resetScroll: false,
              })
            }
            className={classNames('rounded-xs text-left', !on && 'after:absolute after:inset-0')}
          >
            {template.name}
          </button>
        </h2>
        <span className="ml-auto text-small text-muted-foreground">{countWords(steps)}</span>
        <p className="w-full text-ui text-muted-foreground">{template.says}</p>
      </div>
      <TemplateStrip steps={steps} wedding={wedding} now={Date.now()} />
      {on && (
        <div className="mt-3 grid gap-x-8 gap-y-4 border-t border-border pt-3 pb-2 lg:grid-cols-[minmax(0,1fr)_320px]">
          <div className="lg:order-2">
            <AdoptTemplate
              template={template}
              onAdopted={({ id }) =>
                void navigate({
                  to: '/begin/$step',
                  params: { step: 'couple' },
                  search: ({ on: day }) => ({ ...(day && { on: day }), journey: id }),
                })
              }
            />
          </div>
          <div>
            <TemplateTimeline steps={steps} wedding={wedding} zone={preview.for.zone} />
          </div>
        </div>
      )}
    </li>
  )
}
