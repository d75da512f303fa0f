import { useId, useRef } from 'react'
import { useProfile, useUserMetadata, type SessionCommands } from '../../react/index.ts'
import { changedKeys } from '../metadata/draft.ts'
import { useDraft } from '../metadata/draft-keeper.tsx'
import { Avatar } from './avatar.tsx'
import { Chevron } from './icons.tsx'
import { LeaveDialog } from './leave-dialog.tsx'

interface AccountMenuProps {
  readonly subject: string
  readonly logout: SessionCommands['logout']
}

type Way = 'app' | 'provider'

const ways = [
  { from: 'app', title: 'Log out', text: 'of this app, in all its tabs' },
  { from: 'provider', title: 'Log out of the provider as well', text: 'so that the next login asks for the password' },
] as const satisfies readonly { from: Way; title: string; text: string }[]

/** Anything that leaving would lose? */
function useUnsaved(subject: string): boolean {
  const { raw, pendingCount } = useUserMetadata()
  const [draft] = useDraft(subject)
  return pendingCount > 0 || changedKeys(draft, raw ?? {}).length > 0
}

export function AccountMenu({ subject, logout }: AccountMenuProps) {
  const id = useId()
  const { profile } = useProfile()
  const menu = useRef<HTMLDivElement>(null)
  const leaving = useRef<HTMLDialogElement>(null)
  const asked = useRef<Way>('app')
  const isUnsaved = useUnsaved(subject)
  const name = profile?.name ?? profile?.email ?? subject

  const leave = (from: Way) => {
    menu.current?.hidePopover()
    asked.current = from
    if (isUnsaved) leaving.current?.showModal()
    else logout({ from })
  }

  return (
    <>
      <button type="button" className="account" popoverTarget={id} aria-label={`Account menu, ${name}`}>
        <Avatar name={name} picture={profile?.picture} size="small" />
        <span className="account-name">{name}</span>
        <Chevron />
      </button>
      <div ref={menu} id={id} popover="auto" className="menu">
        <p className="menu-head">
          <strong className="wrap">{name}</strong>
          <span className="soft small wrap">{profile?.email ?? subject}</span>
        </p>
        {ways.map(({ from, title, text }) => (
          <button
            key={from}
            type="button"
            className="menu-item"
            aria-labelledby={`${id}-${from}`}
            aria-describedby={`${id}-${from}-text`}
            onClick={() => leave(from)}
          >
            <span id={`${id}-${from}`}>{title}</span>
            <span id={`${id}-${from}-text`} className="soft small">
              {text}
            </span>
          </button>
        ))}
      </div>
      <LeaveDialog ref={leaving} onLeave={() => logout({ from: asked.current })} />
    </>
  )
}
