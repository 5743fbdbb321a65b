import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command as Cmdk } from 'cmdk'
import { CalendarDays, Mail, Route, Search, Users } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { listClients } from '../../contract/clients.ts'
import { listJourneys } from '../../contract/journeys.ts'
import { listMessages } from '../../contract/messages.ts'
import { startRun } from '../../contract/runs.ts'
import { changeWedding } from '../../contract/weddings.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { tellDay } from '../../ui/month.ts'
import { useFocusReturn } from '../../ui/useFocusReturn.ts'
import { asks } from '../api.ts'
import { useSession } from '../session.ts'
import { type Command, useCommands } from './commands.ts'
import { setOverlay, takeTypedAhead } from './overlays.ts'

const GROUPS = ['Here', 'Go to', 'Do'] as const

const COUPLES_MAX = 6
const SEARCHED_FROM_SIGNS = 2
const TYPED_WITHIN_MS = 150

/** Couples by what is typed, as soon as somebody pauses; nobody is asked about a single letter. */
function useCouples(typed: string) {
  const session = useSession()
  const [search, setSearch] = useState('')
  useEffect(() => {
    const waiting = setTimeout(() => setSearch(typed.trim()), TYPED_WITHIN_MS)
    return () => clearTimeout(waiting)
  }, [typed])
  const asked = session !== null && search.length >= SEARCHED_FROM_SIGNS && session.may(listClients)
  const { data } = useQuery({
    ...asks(listClients, {
      params: { vendor: session?.vendor ?? '' },
      query: { search, limit: COUPLES_MAX },
    }),
    enabled: asked,
    placeholderData: keepPreviousData,
  })
  return asked && typed.trim().length >= SEARCHED_FROM_SIGNS ? (data?.data.items ?? []) : []
}

/** What one does with a couple from anywhere: "mia move". */
const WITH_A_COUPLE = [
  {
    says: 'Move the date',
    words: ['move', 'date', 'hold'],
    icon: CalendarDays,
    needs: changeWedding,
    to: '/clients/$clientId/move',
  },
  {
    says: 'Put on a journey',
    words: ['put', 'start', 'journey'],
    icon: Route,
    needs: startRun,
    to: '/clients/$clientId/start',
  },
] as const
const ACT_FROM_SIGNS = 3

/** Whom one has typed, and what is to be done with them, where something is named behind the name. */
function withWhom(typed: string) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  for (const [at, word] of words.entries()) {
    const act =
      at > 0 && word.length >= ACT_FROM_SIGNS
        ? WITH_A_COUPLE.find((one) => one.words.some((known) => known.startsWith(word)))
        : undefined
    if (act) return { act, whom: words.slice(0, at).join(' ') }
  }
  return null
}

/** All of them, once something is typed: a business has some dozens, and the list finds among them itself. */
function useJourneys(typed: string) {
  const session = useSession()
  const asked = session?.may(listJourneys) === true && typed.trim().length >= SEARCHED_FROM_SIGNS
  const { data } = useQuery({
    ...asks(listJourneys, { params: { vendor: session?.vendor ?? '' }, query: {} }),
    enabled: asked,
  })
  return asked ? (data?.data.items ?? []).filter(({ status }) => status !== 'archived') : []
}

/** What messages of that name, or of that couple, there are is for the room of messages to say. */
function useMessagesRoom(typed: string): string | null {
  const session = useSession()
  const search = typed.trim()
  return session?.may(listMessages) === true && search.length >= SEARCHED_FROM_SIGNS ? search : null
}

/** By words and not by letters strewn over them: "we" is the weekend, and not "show the keys". */
function fits(value: string, search: string, keywords: readonly string[] = []): number {
  const said = [value.replace(AN_ID, ''), ...keywords].join(' ').toLowerCase()
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.every((word) => said.includes(word))) return 0
  return said.split(/\s+/).some((one) => one.startsWith(words[0] ?? '')) ? 1 : IN_THE_MIDDLE
}
const AN_ID = /^[0-9a-f-]{36}$/
const IN_THE_MIDDLE = 0.5

const MESSAGES_OF = 'messages-of'
const ROW = 'flex h-9 items-center gap-2.5 rounded-sm px-2.5 touch:h-11 data-[selected=true]:bg-selected'
const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-0.5 [&_[cmdk-group-heading]]:text-micro [&_[cmdk-group-heading]]:font-strong [&_[cmdk-group-heading]]:text-muted-foreground'

/** One line to find a couple, go anywhere and do anything. */
export function CommandPalette() {
  const [typed, setTyped] = useState('')
  const couples = useCouples(typed)
  const meant = withWhom(typed)
  const session = useSession()
  const theirs = useCouples(meant?.whom ?? '')
  const acts = meant && session?.may(meant.act.needs) ? theirs.map((one) => ({ ...meant.act, one })) : []
  const journeys = useJourneys(typed)
  const messagesOf = useMessagesRoom(typed)
  const [chosen, setChosen] = useState('')
  const first = couples[0]?.id ?? acts[0]?.one.id
  useEffect(() => {
    // Couples come later than commands: they take the choice only where there is none, never from under a finger.
    if (chosen === '' && first) setChosen(first)
  }, [chosen, first])
  useEffect(() => {
    // Whom one has typed is meant before the messages about them, which are offered at once.
    if (first) setChosen((now) => (now === MESSAGES_OF ? first : now))
  }, [first])
  const navigate = useNavigate()
  const commands = useCommands().filter((command) => !command.byKeyOnly)
  const back = useFocusReturn()
  const goTo = (go: () => Promise<void>) => {
    setOverlay(null)
    void go()
  }
  // What it opens must not open under it: the focus that is given back would close it again.
  const chosenAct = useRef<Command | null>(null)
  const choose = (command: Command) => {
    chosenAct.current = command
    setOverlay(null)
  }
  return (
    <Dialog.Root open onOpenChange={() => setOverlay(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-[var(--z-overlay)] data-[state=open]:animate-appear bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            back.remember()
            const ahead = takeTypedAhead()
            setTyped((before) => before + ahead)
          }}
          onCloseAutoFocus={(event) => {
            back.giveBack(event)
            chosenAct.current?.run()
          }}
          className="fixed inset-x-4 top-4 z-[var(--z-dialog)] mx-auto flex max-h-[calc(100dvh-32px)] max-w-[600px] data-[state=open]:animate-appear flex-col overflow-hidden rounded-lg border border-border bg-popover text-popover-foreground shadow-lg md:top-[12vh] md:max-h-[70vh]"
        >
          <Dialog.Title className="sr-only">Go somewhere or do something</Dialog.Title>
          <Cmdk
            label="Go somewhere or do something"
            loop
            filter={fits}
            value={chosen}
            onValueChange={setChosen}
            className="flex min-h-0 flex-col"
          >
            <div className="flex h-12 shrink-0 items-center gap-2.5 border-b border-border px-3.5">
              <Icon of={Search} className="text-muted-foreground" />
              <Cmdk.Input
                value={typed}
                onValueChange={setTyped}
                placeholder="A couple, a journey, a message, or what to do"
                className="min-w-0 flex-1 bg-transparent text-phone outline-none touch:text-lead"
              />
              <Dialog.Close aria-label="Close, Esc" className="rounded-xs">
                <Kbd keys={['Esc']} />
              </Dialog.Close>
            </div>
            <Cmdk.List
              label="What you can do"
              className="min-h-0 flex-1 overflow-y-auto p-1.5 [scroll-padding-block:32px]"
            >
              {couples.length + acts.length === 0 && messagesOf === null && (
                <Cmdk.Empty className="px-2.5 py-6 text-center text-muted-foreground">
                  Nothing by that name. Try a couple, a room, or “dark”.
                </Cmdk.Empty>
              )}
              {GROUPS.map((group) => {
                const some = commands.filter((command) => command.group === group)
                return (
                  some.length > 0 && (
                    <Cmdk.Group key={group} heading={group} className={GROUP}>
                      {some.map((command) => (
                        <Cmdk.Item
                          key={command.id}
                          value={command.label}
                          keywords={[...(command.also ?? [])]}
                          onSelect={() => choose(command)}
                          className={ROW}
                        >
                          <Icon of={command.icon} className="text-muted-foreground" />
                          {command.label}
                          {command.keys && (
                            <span className="ml-auto hidden md:inline">
                              <Kbd keys={command.keys} />
                            </span>
                          )}
                        </Cmdk.Item>
                      ))}
                    </Cmdk.Group>
                  )
                )
              })}
              {acts.length > 0 && couples.length === 0 && (
                <Cmdk.Group heading="With them" forceMount className={GROUP}>
                  {acts.map(({ one, says, icon, to }) => (
                    <Cmdk.Item
                      key={one.id}
                      value={one.id}
                      forceMount
                      onSelect={() => goTo(() => navigate({ to, params: { clientId: one.id } }))}
                      className={ROW}
                    >
                      <Icon of={icon} className="text-muted-foreground" />
                      <span className="min-w-0 truncate">
                        {one.name}: {says}
                      </span>
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              )}
              {couples.length > 0 && (
                <Cmdk.Group heading="Couples" forceMount className={GROUP}>
                  {couples.map(({ id, name, wedding }) => (
                    // Found by the server already, also by an address that is not shown here.
                    <Cmdk.Item
                      key={id}
                      value={id}
                      forceMount
                      onSelect={() =>
                        goTo(() => navigate({ to: '/clients/$clientId', params: { clientId: id } }))
                      }
                      className={ROW}
                    >
                      <Icon of={Users} className="text-muted-foreground" />
                      <span className="min-w-0 truncate">{name}</span>
                      <span className="ml-auto whitespace-nowrap text-small text-muted-foreground">
                        {wedding?.on ? tellDay(wedding.on) : 'no date yet'}
                      </span>
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              )}
              {journeys.length > 0 && (
                <Cmdk.Group heading="Journeys" className={GROUP}>
                  {journeys.map(({ id, name }) => (
                    <Cmdk.Item
                      key={id}
                      value={id}
                      keywords={[name]}
                      onSelect={() =>
                        goTo(() => navigate({ to: '/journeys/$journeyId', params: { journeyId: id } }))
                      }
                      className={ROW}
                    >
                      <Icon of={Route} className="text-muted-foreground" />
                      <span className="min-w-0 truncate">{name}</span>
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              )}
              {messagesOf !== null && (
                <Cmdk.Group heading="Messages" forceMount className={GROUP}>
                  <Cmdk.Item
                    value={MESSAGES_OF}
                    forceMount
                    onSelect={() => goTo(() => navigate({ to: '/messages', search: { search: messagesOf } }))}
                    className={ROW}
                  >
                    <Icon of={Mail} className="text-muted-foreground" />
                    <span className="min-w-0 truncate">Look for “{messagesOf}” in messages</span>
                  </Cmdk.Item>
                </Cmdk.Group>
              )}
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
