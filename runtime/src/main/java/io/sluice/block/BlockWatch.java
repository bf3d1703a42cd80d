package io.sluice.block;

/**
 * Is told of each change of a type of blocks and of a block once it is written. May not block. The
 * types that clients count on are made without a word.
 */
public interface BlockWatch {
  /** What became of it. */
  enum Change {
    CREATED,
    UPDATED,
    DELETED
  }

  /**
   * @param type as it is, or was before it was deleted
   */
  void type(Change change, BlockType type);

  /**
   * @param block as it is, or was before it was deleted
   */
  void block(Change change, WholeBlock block);
}
