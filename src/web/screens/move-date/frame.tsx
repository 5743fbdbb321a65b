import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Check, Undo2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { type ClientDocument, readClient } from '../../../contract/clients.ts'
import { changeWedding, previewWedding, readWedding } from '../../../contract/weddings.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Eyebrow } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, wordsOf } from '../../api.ts'
import { isNotHere, NotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { shortName } from '../clients/words.ts'
import { type Change, type Chosen, choicesOf, rowsOf, stillToChoose, type WeddingDocument } from './move.ts'

/** What the rooms have in common in which a date is changed: what it would do, and the foot that does it. */
export const Head = ({
  client,
  children,
}: {
  readonly client?: ClientDocument
  readonly children: ReactNode
}) => (
  <>
    <Eyebrow>
      <Link to="/clients" className="rounded-xs hover:underline">
        Clients
      </Link>
      {client && (
        <>
          {' '}
          ·{' '}
          <Link
            to="/clients/$clientId"
            params={{ clientId: client.id }}
            className="rounded-xs hover:underline"
          >
            {client.name}
          </Link>
        </>
      )}
    </Eyebrow>
    <h1 tabIndex={-1} className="mt-1 font-display text-h1 tracking-display text-balance">
      {children}
    </h1>
  </>
)

function NoWedding({ client }: { readonly client: ClientDocument }) {
  return (
    <>
      <Head client={client}>{shortName(client)} have no wedding in your book.</Head>
      <div className="mt-4">
        <Button asChild look="primary">
          <Link to="/clients/$clientId" params={{ clientId: client.id }}>
            Back to them
          </Link>
        </Button>
      </div>
    </>
  )
}

/** Of which couple and which wedding the room is, as far as that is known. */
export function OfWedding({
  clientId,
  title,
  children,
}: {
  readonly clientId: string
  readonly title: string
  readonly children: (of: {
    readonly client: ClientDocument
    readonly wedding: WeddingDocument
    readonly etag: string
  }) => ReactNode
}) {
  const { vendor } = useHere()
  const couple = useQuery(asks(readClient, { params: { vendor, client: clientId } }))
  const wedding = couple.data?.data.wedding?.id
  const read = useQuery({
    ...asks(readWedding, { params: { vendor, wedding: wedding ?? '' } }),
    enabled: wedding !== undefined,
  })
  if (couple.data && !couple.data.data.wedding) return <NoWedding client={couple.data.data} />
  if (isNotHere(couple.error)) return <NotHere noun="couple" />
  if (!couple.data || !read.data)
    return (
      <>
        <Head>{title}</Head>
        <Answer of={couple.data ? read : couple}>{() => null}</Answer>
      </>
    )
  return children({
    client: couple.data.data,
    wedding: read.data.data,
    etag: read.data.etag ?? '*',
  })
}

/** What the change would do; and the same with what is chosen for single steps. */
export function useForesight(
  wedding: WeddingDocument,
  change: Omit<Change, 'choices'> | null,
  chosen: Chosen,
) {
  const { vendor } = useHere()
  const params = { vendor, wedding: wedding.id }
  const plain = useQuery({
    ...asks(previewWedding, { params, body: change ?? {} }),
    enabled: change !== null,
    placeholderData: keepPreviousData,
  })
  const rows = change && plain.data ? rowsOf(plain.data.data) : []
  const choices = choicesOf(rows, chosen)
  const withChoices = useQuery({
    ...asks(previewWedding, { params, body: { ...change, choices } }),
    enabled: change !== null && choices.length > 0,
    placeholderData: keepPreviousData,
  })
  return {
    plain,
    rows,
    choices,
    left: stillToChoose(rows, chosen),
    foreseen: choices.length > 0 ? (withChoices.data?.data ?? plain.data?.data) : plain.data?.data,
    refused: plain.error ?? (choices.length > 0 ? withChoices.error : null),
  }
}

type Foresight = ReturnType<typeof useForesight>
type Foreseen = NonNullable<Foresight['foreseen']>

/** What is foreseen of a change: why it cannot be looked at, nothing yet, or the sentence with what stands below it. */
export function WhatItDoes({
  of: { plain, refused, foreseen },
  change,
  refusedTitle,
  before,
  says,
  children,
}: {
  readonly of: Foresight
  readonly change: object | null
  readonly refusedTitle: string
  /** While nothing is to be changed. */
  readonly before: ReactNode
  readonly says: (foreseen: Foreseen) => ReactNode
  readonly children: (foreseen: Foreseen) => ReactNode
}) {
  const isOpen = change === null || (!foreseen && !refused)
  return (
    <>
      {refused && change && (
        <div className="mt-4">
          <Banner kind="danger" live title={refusedTitle}>
            {wordsOf(refused)}
          </Banner>
        </div>
      )}
      {isOpen ? (
        <div className="mt-6 border-t border-rule pt-6">
          {change === null ? before : <Answer of={plain}>{() => null}</Answer>}
        </div>
      ) : (
        foreseen && (
          <>
            <p
              aria-live="polite"
              className="mt-5 font-display text-h3 leading-7 tracking-display text-pretty md:text-[20px]"
            >
              {says(foreseen)}
            </p>
            {children(foreseen)}
          </>
        )
      )}
    </>
  )
}

const stillOpen = (left: number): string => `Apply, ${left} ${left === 1 ? 'choice' : 'choices'} left`

/** What is missing before it can be applied, on the button itself; null where nothing is. */
function missing({ left, foreseen }: Foresight, isChange: boolean, isUnclear: boolean): string | null {
  if (isUnclear) return 'Apply, which time?'
  if (!isChange) return 'Apply, choose a date'
  if (left > 0) return stillOpen(left)
  return foreseen ? null : 'Apply'
}

export function Foot({
  client,
  foresight,
  isChange,
  isUnclear,
  busy,
  onApply,
  children,
}: {
  readonly client: ClientDocument
  readonly foresight: Foresight
  readonly isChange: boolean
  readonly isUnclear: boolean
  readonly busy: boolean
  readonly onApply: () => void
  /** What applying is called, once nothing is missing. */
  readonly children: string
}) {
  const { may } = useHere()
  const lacks = missing(foresight, isChange, isUnclear)
  const go = useNavigate()
  useActs([
    ...(may(changeWedding) && lacks === null && !busy
      ? [{ label: children, icon: Check, run: onApply }]
      : []),
    {
      label: 'Cancel',
      icon: X,
      also: ['back'],
      run: () => void go({ to: '/clients/$clientId', params: { clientId: client.id } }),
    },
  ])
  return (
    <div
      data-foot="tall"
      className="sticky bottom-[calc(56px+env(safe-area-inset-bottom))] z-[var(--z-sticky)] -mx-5 mt-6 flex flex-wrap items-center gap-2 border-t border-border bg-background px-5 py-3 md:bottom-0 md:-mx-10 md:px-10"
    >
      <p className="flex basis-full items-center gap-1.5 text-small text-muted-foreground md:basis-auto">
        <Icon of={Undo2} size={14} />
        You can undo this for ten minutes; undoing restores exactly today’s plan.
      </p>
      <span className="hidden flex-1 md:block" />
      <div className="grid basis-full grid-cols-[auto_minmax(0,1fr)] items-center gap-2 md:flex md:basis-auto">
        <Button asChild size="lg">
          <Link to="/clients/$clientId" params={{ clientId: client.id }}>
            Cancel
          </Link>
        </Button>
        {may(changeWedding) ? (
          <Button look="primary" size="lg" busy={busy} disabled={lacks !== null} onClick={onApply}>
            {lacks ?? children}
          </Button>
        ) : (
          <p className="text-small text-muted-foreground">As a viewer you look; somebody else applies it.</p>
        )}
      </div>
    </div>
  )
}
