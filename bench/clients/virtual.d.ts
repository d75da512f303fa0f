declare module 'virtual:client' {
  import type { CreateClient } from './client.ts'
  export const create: CreateClient
}

declare module 'virtual:drawer' {
  import type { Draw } from './drawers/drawer.ts'
  export const draw: Draw
}
