/**
 * Effect's crypto modules name two of Web Crypto's types as globals. Node has them in `node:crypto`; the DOM library
 * would bring them too, and with them hundreds of browser globals that a server must not see.
 */
import type { webcrypto } from "node:crypto"

declare global {
  interface CryptoKey extends webcrypto.CryptoKey {}
  interface JsonWebKey extends webcrypto.JsonWebKey {}
}
