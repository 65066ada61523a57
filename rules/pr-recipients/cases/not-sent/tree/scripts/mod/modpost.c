/* reads the symbols of modules */
int main(void)
{
	return 0;
}
