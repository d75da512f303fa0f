/** Someone who can sign in here. The passwords are shown on the login page: this provider is for demonstration. */
export interface Person {
  username: string
  password: string
  /** Of Auth0's shape, `connection|id`: the bar has to be percent-encoded in a path, which clients like to forget. */
  subject: string
  claims: {
    name: string
    given_name: string
    family_name: string
    nickname: string
    email: string
    email_verified: boolean
    locale: string
    /** Seconds, as OpenID Connect has it. */
    updated_at: number
  }
  /** Two colours of the picture. */
  colours: [string, string]
}

export const people: readonly Person[] = [
  {
    username: 'alice',
    password: 'looking-glass',
    subject: 'local|alice',
    claims: {
      name: 'Alice Appleton',
      given_name: 'Alice',
      family_name: 'Appleton',
      nickname: 'alice',
      email: 'alice@example.com',
      email_verified: true,
      locale: 'en-GB',
      updated_at: Date.UTC(2026, 0, 15, 9, 30) / 1000,
    },
    colours: ['#f2994a', '#c2417c'],
  },
  {
    username: 'bob',
    password: 'yes-we-can',
    subject: 'local|bob',
    claims: {
      name: 'Bob Brandt',
      given_name: 'Bob',
      family_name: 'Brandt',
      nickname: 'bob',
      email: 'bob@example.com',
      email_verified: false,
      locale: 'de',
      updated_at: Date.UTC(2026, 2, 2, 16, 5) / 1000,
    },
    colours: ['#2fa4a0', '#3557b7'],
  },
]

export function personOfSubject(subject: string | undefined): Person | undefined {
  return people.find((person) => person.subject === subject)
}

/** By username or email, as people type either. */
export function personOfName(name: string | undefined): Person | undefined {
  const wanted = name?.trim().toLowerCase()
  return people.find((person) => person.username === wanted || person.claims.email === wanted)
}

export function picturePath(person: Person): string {
  return `/pictures/${person.username}.svg`
}

/** A drawn portrait, so that nothing is fetched from elsewhere. */
export function pictureOf(person: Person): string {
  const [light, dark] = person.colours
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" role="img" aria-label="${person.claims.name}">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs>
<rect width="96" height="96" fill="url(#g)"/>
<circle cx="48" cy="39" r="17" fill="#fff" fill-opacity=".92"/>
<path d="M14 96c0-20 15-33 34-33s34 13 34 33z" fill="#fff" fill-opacity=".92"/>
</svg>
`
}
