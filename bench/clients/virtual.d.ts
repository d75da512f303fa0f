declare module 'virtual:client' {
  import type { CreateClient } from './client.ts'
  export const create: CreateClient
}
