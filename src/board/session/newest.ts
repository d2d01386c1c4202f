/** Numbers questions whose answers may come in any order, so that no older answer replaces a newer one. */
export class Newest {
  #asked = 0;
  #shown = 0;

  /** Notes a question; what it returns is to be asked once its answer is there: whether that is still wanted. */
  ask(): () => boolean {
    this.#asked += 1;
    const question = this.#asked;
    return () => {
      const isWanted = question > this.#shown;
      if (isWanted) this.#shown = question;
      return isWanted;
    };
  }

  /** What was asked until now is no longer wanted. */
  forget(): void {
    this.#shown = this.#asked;
  }
}
