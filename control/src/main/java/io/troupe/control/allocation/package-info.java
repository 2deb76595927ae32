/**
 * Everything that is given out once: cluster IPs, node ports, pod CIDRs and the room on nodes.
 * Stands for the service REST storage's allocators, the node IPAM controller's range allocator, and
 * for what upstream does not have: a node that accepts or refuses a binding.
 *
 * <p>{@link io.troupe.control.allocation.AllocatingStore} decorates the store that the API server
 * and the local clients write to; {@link io.troupe.control.allocation.AllocatingDecider} decorates
 * the decider inside the object actors. They work together so that patches need no special case:
 *
 * <ol>
 *   <li>A write is submitted as it came. The decider computes the object that would be stored and
 *       compares it with the one before: whatever must be allocated and is not held yet is a {@link
 *       io.troupe.control.allocation.Need}. Without needs (almost every update) it is stored: no
 *       extra cost.
 *   <li>With needs, the decider refuses and names them. The store claims them on the ledgers
 *       (numbers are drawn at random at this edge) and submits again, the {@link
 *       io.troupe.control.allocation.Grants} sealed in front of the body. The decider fills them
 *       in. Were the needs changed by another write in between, the round is repeated: no revision
 *       precondition and no retry by the client.
 *   <li>A refused creation releases its claims; an update that dropped an address releases it after
 *       the commit; so does a removal. An unknown outcome releases nothing.
 * </ol>
 *
 * <p>A claim that leaked (a crash between claim and write) is found when somebody else wants the
 * number: its owner is looked up, and if the view does not show it with the number after {@link
 * io.troupe.control.allocation.ServiceLedgers#LEAK_AGE_MILLIS}, it is released and claimed. Leaked
 * room on nodes and leaked pod CIDRs are released by {@link
 * io.troupe.control.allocation.LeakSweep}.
 *
 * <p>Ranges are split into blocks, one ledger (one actor) each, so that a claim compares itself
 * with at most 256 others. Claim ids carry the owner's uid: a late release can never free what
 * somebody else holds meanwhile.
 *
 * <p>Left out on purpose: dual stack (one IPv4 range), ServiceCIDR and IPAddress objects.
 */
package io.troupe.control.allocation;
