import { useState } from 'react'
import { initials } from '../format.ts'

interface AvatarProps {
  readonly name: string
  readonly picture: string | undefined
  readonly size: 'small' | 'large'
}

/** The picture, or the first letters of the name where there is none or it cannot be shown. The name stands beside it. */
export function Avatar({ name, picture, size }: AvatarProps) {
  const [broken, setBroken] = useState<string>()
  const isShown = picture !== undefined && picture !== broken
  return (
    <span className="avatar" data-size={size} aria-hidden="true">
      {isShown ? (
        <img src={picture} alt="" referrerPolicy="no-referrer" onError={() => setBroken(picture)} />
      ) : (
        initials(name)
      )}
    </span>
  )
}
