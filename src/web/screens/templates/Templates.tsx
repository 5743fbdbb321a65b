import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listTemplates, previewTemplate, type TemplateDocument } from '../../../contract/templates.ts'
import { readVendor } from '../../../contract/vendors.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Chip, Segmented } from '../../../ui/Segmented.tsx'
import { Eyebrow, Lede, LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { AdoptTemplate } from './AdoptTemplate.tsx'
import { TemplateStrip } from './TemplateStrip.tsx'
import { TemplateTimeline } from './TemplateTimeline.tsx'
import { countWords, forWhom, isFor, tradeWord } from './words.ts'

const room = getRouteApi('/house/templates')
type Preview = Seen<typeof previewTemplate>['data']
const WIDE = 'lg:grid lg:grid-cols-[minmax(0,1fr)_352px] lg:gap-x-10'

/** Finished journeys, each drawn on the dates of who marries next, before one takes it. */
export function Templates() {
  const { vendor } = useHere()
  const { trade, template, silent, couple } = room.useSearch()
  const navigate = useNavigate({ from: '/templates' })
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  const templates = useQuery(asks(listTemplates, { params: { vendor } }))
  const preview = useQuery({
    ...asks(previewTemplate, {
      params: { vendor },
      body: { behaviour: silent ? 'never' : 'always', ...(couple && { client: couple }) },
    }),
    placeholderData: keepPreviousData,
  })
  const own = business.data?.data.type
  const chosen = trade ?? own ?? ''
  const all = templates.data?.data.items ?? []
  const shown = useMemo(
    () => (chosen === 'all' ? all : all.filter((one) => isFor(chosen, one))),
    [all, chosen],
  )
  const open = shown.find(({ key }) => key === template) ?? shown[0]
  const whom = preview.data && forWhom(preview.data.data.for)
  return (
    <>
      <Eyebrow>Templates</Eyebrow>
      <Lede>
        {whom ? (
          <>
            {whom.lead}
            <b>{whom.when}</b>
            {whom.rest}
          </>
        ) : (
          'Finished journeys, shown on the dates of your next wedding.'
        )}
      </Lede>
      <div className="mt-4 mb-4 flex flex-wrap items-center gap-2">
        {tradesOf(all, own).map((one) => (
          <Chip
            key={one}
            on={chosen === one}
            onChange={() =>
              void navigate({
                search: ({ trade: _, template: __, ...rest }) => ({
                  ...rest,
                  ...(one !== own && { trade: one }),
                }),
                replace: true,
              })
            }
          >
            {one === 'all' ? 'All' : tradeWord(one)}
            <span className="text-muted-foreground">
              {one === 'all' ? all.length : all.filter((each) => isFor(one, each)).length}
            </span>
          </Chip>
        ))}
        <span className="md:ml-auto">
          <Segmented
            label="How they behave"
            size="sm"
            value={silent ? 'silent' : 'answer'}
            segments={[
              { value: 'answer', label: 'If they answer' },
              { value: 'silent', label: 'If they stay silent' },
            ]}
            onChange={(next) =>
              void navigate({
                search: ({ silent: _, ...rest }) => ({
                  ...rest,
                  ...(next === 'silent' && { silent: true as const }),
                }),
                replace: true,
                resetScroll: false,
              })
            }
          />
        </span>
      </div>
      <Answer of={templates} lines={8}>
        {() => (
          <Answer of={preview} lines={8}>
            {({ data }) => (
              <div
                className={WIDE}
                style={{ gridTemplateRows: `repeat(${shown.length}, auto) 1fr` }}
                aria-busy={preview.isPlaceholderData}
              >
                {shown.map((one, index) => (
                  <Choice
                    key={one.key}
                    template={one}
                    preview={data}
                    row={index + 1}
                    on={one.key === open?.key}
                    onChoose={() =>
                      void navigate({
                        search: (now) => ({ ...now, template: one.key }),
                        replace: true,
                        resetScroll: false,
                      })
                    }
                    rows={shown.length + 1}
                  />
                ))}
              </div>
            )}
          </Answer>
        )}
      </Answer>
    </>
  )
}

const tradesOf = (all: readonly TemplateDocument[], own: string | undefined): string[] => [
  ...new Set([...(own ? [own] : []), ...all.flatMap(({ trades }) => trades), 'all']),
]

/** One card; the chosen one has its plan beside it, on a phone below it. */
function Choice({
  template,
  preview,
  row,
  rows,
  on,
  onChoose,
}: {
  readonly template: TemplateDocument
  readonly preview: Preview
  readonly row: number
  readonly rows: number
  readonly on: boolean
  readonly onChoose: () => void
}) {
  const navigate = useNavigate({ from: '/templates' })
  const steps = preview.items.find(({ key }) => key === template.key)?.steps ?? []
  const id = `template-${template.key}`
  return (
    <>
      <article
        className={classNames(
          'relative mb-3 rounded-md border bg-card px-4 pt-3 pb-2 lg:col-start-1 lg:self-start',
          on
            ? 'border-ring shadow-[inset_0_0_0_1px_var(--ring)]'
            : 'border-border hover:border-border-strong',
        )}
        style={{ gridRow: row }}
      >
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h2 className="font-display text-h3 font-medium">
            <button
              type="button"
              aria-expanded={on}
              aria-controls={id}
              onClick={onChoose}
              className="rounded-xs text-left after:absolute after:inset-0"
            >
              {template.name}
            </button>
          </h2>
          <span className="ml-auto text-small text-muted-foreground">{countWords(steps)}</span>
          <p className="w-full text-ui text-muted-foreground">{template.says}</p>
        </div>
        <TemplateStrip steps={steps} wedding={preview.for.on} now={Date.now()} />
      </article>
      {on && (
        <section
          id={id}
          aria-label={`${template.name}: its plan`}
          className="mb-6 border-t border-rule pt-2 lg:col-start-2"
          style={{ gridRow: `1 / ${rows + 1}` }}
        >
          <h3 className="font-display text-h3 font-medium">{template.name}</h3>
          <div className="mt-3 mb-4">
            <AdoptTemplate
              key={template.key}
              template={template}
              onAdopted={({ id: journeyId }) =>
                void navigate({ to: '/journeys/$journeyId', params: { journeyId }, search: {} })
              }
            />
          </div>
          <Taken template={template} />
          <TemplateTimeline steps={steps} wedding={preview.for.on} zone={preview.for.zone} />
        </section>
      )}
    </>
  )
}

/** What one has taken from it already, and whether it has changed since. */
function Taken({ template: { adopted } }: { readonly template: TemplateDocument }) {
  if (adopted.length === 0) return null
  return (
    <ul className="mb-4 grid gap-1 text-small text-muted-foreground">
      {adopted.map((one) => (
        <li key={one.id}>
          Taken over as{' '}
          <Link to="/journeys/$journeyId" params={{ journeyId: one.id }} className={LINK}>
            {one.name}
          </Link>
          {one.behind ? '; the template has changed since.' : '.'}
        </li>
      ))}
    </ul>
  )
}
